/// Limits: how many requests, tokens, calls at once and how much money somebody's calls may take in
/// a second, a minute, an hour or a day. What they are is here, and how calls are held to them;
/// `limit.change` is their REST.
@NullMarked
package dev.gatewright.limit;

import org.jspecify.annotations.NullMarked;
