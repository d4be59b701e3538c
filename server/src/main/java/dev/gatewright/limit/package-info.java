/// Limits: how many requests, tokens, calls at once and how much money somebody's calls may take in
/// a second, a minute, an hour or a day. How calls are held to them is here; `limit.term` is what
/// they are, `limit.count` counts, `limit.change` is their REST.
@NullMarked
package dev.gatewright.limit;

import org.jspecify.annotations.NullMarked;
