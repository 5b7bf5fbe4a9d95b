/** Odd primes that the weak library's prime numbers leave a trace modulo of (CVE-2017-15361). */
const PRIMES = [
  11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151,
  157, 163, 167,
];
const GENERATOR = 65537;

/** What powers of the generator leave behind, by prime. */
const traces: ReadonlyMap<number, ReadonlySet<number>> = new Map(PRIMES.map((prime) => [prime, powersModulo(prime)]));

function powersModulo(prime: number): Set<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * GENERATOR) % prime) powers.add(power);
  return powers;
}

/** Whether an RSA modulus (big endian) bears the trace of Infineon's weak key generation: ROCA (reference 03, 5.3). */
export function isWeakModulus(modulus: Buffer): boolean {
  const number = BigInt(`0x${modulus.toString('hex')}`);
  return PRIMES.every((prime) => traces.get(prime)?.has(Number(number % BigInt(prime))));
}
