/// Signing in by an identity provider: OpenID Connect, with its logouts and groups.
@NullMarked
package dev.gatewright.identity.oidc;

import org.jspecify.annotations.NullMarked;
