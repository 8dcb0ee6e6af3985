// A service with one handler exchanged, to see what comes of one that is broken.
import type { RunnableHandler, Service } from "../src/contract/handler.ts";

/** The service with another handler of a trigger in a state. */
export function withHandler(
  service: Service,
  { state, trigger }: { readonly state: string; readonly trigger: string },
  handler: RunnableHandler,
): Service {
  const others = service.handlers.get(state) ?? [];
  const handlers = new Map([...service.handlers, [state, new Map([...others, [trigger, handler] as const])]]);
  return { ...service, handlers };
}
