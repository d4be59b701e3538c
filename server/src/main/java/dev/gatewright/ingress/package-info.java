/// What a front proxy asks before it lets a request through: `/auth/verify` for Caddy, Traefik and
/// nginx, `/auth/envoy` for Envoy. Judges and answers at once; never sees a body.
@NullMarked
package dev.gatewright.ingress;

import org.jspecify.annotations.NullMarked;
