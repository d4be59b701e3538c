/// `/{service}/api/*`: self-hosted backends behind the gate: presets, queue, instances, streaming
/// both ways.
@NullMarked
package dev.gatewright.service;

import org.jspecify.annotations.NullMarked;
