package dev.gatewright.web;

/// The headers of a hand-off, which the edge's relay sets and nobody outside can: the edge drops
/// every `x-gatewright-*` header that is not on its public list.
public final class PortalHeaders {
  public static final String SECRET = "x-gatewright-handoff-secret";
  public static final String CLIENT = "x-gatewright-client";
  public static final String HOST = "x-gatewright-host";
  public static final String SCHEME = "x-gatewright-scheme";
  public static final String REQUEST_ID = "x-gatewright-request-id";

  private PortalHeaders() {}
}
