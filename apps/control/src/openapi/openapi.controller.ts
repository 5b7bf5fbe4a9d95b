import { Controller, Get, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { json, type Reply } from '@greenscreen/host/reply';
import { DiscoveryService } from '@nestjs/core';
import { z } from 'zod';
import { controlDialect } from '../control.errors.js';
import { version } from '../installation/version.js';
import { Describe } from './describe.decorator.js';
import { openApiDocument } from './document.js';
import { routesOf } from './routes.js';

const parts = z.record(z.string(), z.unknown());
const description = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.object({ url: z.string() })),
  tags: z.array(z.object({ name: z.string() })),
  paths: parts,
  components: z.object({ schemas: parts }),
});

@Controller('openapi.json')
@UseFilters(new FaultFilter(controlDialect))
export class OpenApiController {
  constructor(private readonly discovery: DiscoveryService) {}

  @Get()
  @Operation('control', 'OpenApi')
  @Describe({ summary: 'This description', answer: description })
  document(): Reply {
    return json(200, openApiDocument(routesOf(this.discovery), version));
  }
}
