export type AutopilotCsvProblem = 'empty' | 'header' | 'columns' | 'quotation' | 'rows' | 'hash' | 'serial' | 'user';

/** A CSV file of hardware hashes cannot be imported. The message is for the administrator, and names the line. */
export class AutopilotCsvError extends Error {
  constructor(
    readonly problem: AutopilotCsvProblem,
    message: string,
    /** Line in the file, counted from 1; 0 when it is about the whole file. */
    readonly line = 0,
  ) {
    super(line === 0 ? message : `Line ${line}: ${message}`);
    this.name = 'AutopilotCsvError';
  }
}
