/// Short-lived tokens that stand for an API key (OAuth 2.0 client credentials, RFC 6749 §4.4), and
/// what one is worth (RFC 7662).
@NullMarked
package dev.gatewright.oauth;

import org.jspecify.annotations.NullMarked;
