/** `x.y`, 1.0 to 9.0: from Windows 10 to 11 25H2 (reference 04, 1.2). */
const VERSION = /^[1-9]\.\d{1,2}$/;

export const isEnrollmentVersion = (text: string): boolean => VERSION.test(text);

/** The lesser of what was asked for and what is configured, as `x.y`: Windows refuses `5` and `v5.0` (reference 04, 1.3). */
export const enrollmentVersionFor = (requested: string, configured: string): string =>
  Number(requested) < Number(configured) ? requested : configured;
