package dev.gatewright.service;

import dev.gatewright.edge.Exchange;

/// A call of an allowed endpoint, before its body has been looked at.
///
/// @param backendPath the backend's path, raw, without query
public record ServiceRequest(
    Exchange exchange, Service service, ServiceEndpoint endpoint, String backendPath) {}
