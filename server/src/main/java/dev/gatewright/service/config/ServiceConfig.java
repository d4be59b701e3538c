package dev.gatewright.service.config;

import dev.gatewright.relay.BaseUrl;
import dev.gatewright.relay.Timeouts;
import dev.gatewright.service.preset.PathMode;
import dev.gatewright.service.preset.Preset;
import dev.gatewright.service.preset.ServiceEndpoint;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A service as configured. Immutable; equal when nothing about it changed.
///
/// @param id what stands first in its paths
/// @param instances where its backends are; each may be dialled exactly there, private or not
/// @param concurrency calls that run at once on one instance
/// @param queueLength calls that may wait, over all keys; 0 = none
/// @param queueWait how long one may wait
/// @param uploadBytesMax the longest request body
/// @param phases deadlines of a call
/// @param credential null = the backends want none
/// @param endpoints what may be reached
/// @param bounds what one body may ask of it
/// @param sockets what its WebSockets may take
public record ServiceConfig(
    String id,
    Preset preset,
    List<BaseUrl> instances,
    PathMode path,
    int concurrency,
    int queueLength,
    Duration queueWait,
    long uploadBytesMax,
    Timeouts phases,
    @Nullable ServiceCredential credential,
    List<ServiceEndpoint> endpoints,
    BodyBounds bounds,
    SocketLimits sockets) {
  public ServiceConfig {
    instances = List.copyOf(instances);
    endpoints = List.copyOf(endpoints);
  }
}
