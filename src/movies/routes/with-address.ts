import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../kernel/context.ts'
import { noteAddress } from '../audit/write-audit.ts'

/** The caller's address, for the audit log. */
export const withAddress = (ctx: Ctx, request: FastifyRequest): Ctx => noteAddress(ctx, request.ip)
