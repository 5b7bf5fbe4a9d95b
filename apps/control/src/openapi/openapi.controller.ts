import { Controller, Get, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { json, type Reply } from '@greenscreen/host/reply';
import { DiscoveryService } from '@nestjs/core';
import { controlDialect } from '../control.errors.js';
import { version } from '../installation/version.js';
import { Describe } from './describe.decorator.js';
import { openApiDocument } from './document.js';
import { routesOf } from './routes.js';

@Controller('openapi.json')
@UseFilters(new FaultFilter(controlDialect))
export class OpenApiController {
  constructor(private readonly discovery: DiscoveryService) {}

  @Get()
  @Operation('control', 'OpenApi')
  @Describe({ summary: 'This description' })
  document(): Reply {
    return json(200, openApiDocument(routesOf(this.discovery), version));
  }
}
