import { oneOf } from '@greenscreen/host/config';
import { errorShapes } from '@greenscreen/wire/ztd';

/** `garbage` is no shape that the service is known for: an error page instead of JSON (reference 01, section 9). */
export const answerShapes = [...errorShapes, 'garbage'] as const;
export type AnswerShape = (typeof answerShapes)[number];

/** Settings of the service, `GREENSCREEN_ZTD_<KEY>`. */
export const ztdSettings = {
  errorShape: oneOf(
    answerShapes,
    'A',
    'Form of the answers 807, 809, 815 and 908 where no tenant has the switch ztd.errorShape: A, Bobj, Bstr or garbage. A device that is not registered has no tenant.',
  ),
} as const;
