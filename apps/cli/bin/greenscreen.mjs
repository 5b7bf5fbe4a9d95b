#!/usr/bin/env node
import { existsSync } from 'node:fs';

process.setSourceMapsEnabled(true);
// On a fresh clone nothing is built yet.
await import(existsSync(new URL('../dist/main.js', import.meta.url)) ? '../dist/main.js' : './bootstrap.mjs');
