/** JSON of Fleet's protocol that cannot be read. Names the member. */
export class FleetFormatError extends Error {
  constructor(readonly member: string) {
    super(`${member} is missing or of another type`);
    this.name = 'FleetFormatError';
  }
}
