/// Webhooks: an organization is told what happens to it, by signed requests to addresses it names.
///
/// Whoever changes something tells it with the same handle, `Happenings.tell(handle, organization,
/// kind, object, data, now)`: it is on its way exactly if the change is. Deliveries are an outbox:
/// one replica claims each, sends it, and sends it again until it was taken or three days are over.
@NullMarked
package dev.gatewright.webhook;

import org.jspecify.annotations.NullMarked;
