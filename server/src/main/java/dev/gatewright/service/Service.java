package dev.gatewright.service;

/// A service under its configuration: replaced as a whole when that changes. Thread-safe.
public final class Service {
  private final ServiceConfig config;
  private final AllowList allowList;

  Service(ServiceConfig config) {
    this.config = config;
    this.allowList = new AllowList(config.endpoints());
  }

  public String id() {
    return config.id();
  }

  public ServiceConfig config() {
    return config;
  }

  public Preset preset() {
    return config.preset();
  }

  public AllowList allowList() {
    return allowList;
  }

  /// @param rest the caller's path behind `/{service}`, raw: `/api/…`
  public String backendPath(String rest) {
    return config.path().backendPath(rest);
  }
}
