/** Of this program. */
export const version = process.env.npm_package_version ?? '0.1.0';
