/// The control plane's server: Javalin behind the edge, hand-off guard, OpenAPI document and its
/// page. Mounts every `*Api`.
@NullMarked
package dev.gatewright.web;

import org.jspecify.annotations.NullMarked;
