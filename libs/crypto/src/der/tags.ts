/** Universal tag numbers (X.680, 8.6). */
export const tags = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  utf8String: 12,
  sequence: 16,
  set: 17,
  numericString: 18,
  printableString: 19,
  teletexString: 20,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  visibleString: 26,
  bmpString: 30,
} as const;

/** Tag classes (X.690, 8.1.2.2). */
export const tagClasses = { universal: 0, application: 1, context: 2, private: 3 } as const;
