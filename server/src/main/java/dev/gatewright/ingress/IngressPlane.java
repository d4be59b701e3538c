package dev.gatewright.ingress;

import dev.gatewright.admission.Admission;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.service.ServicePlane;

/// The routes for front proxies, wired together. Thread-safe.
public final class IngressPlane {
  private final Admission admission;
  private final Verification verification;
  private final IngressConfig config;

  public IngressPlane(Admission admission, ServicePlane services, IngressConfig config) {
    this.admission = admission;
    this.verification = new Verification(admission, services);
    this.config = config;
  }

  public void mount(RouteTable.Builder table) {
    table.any("/auth/verify", handler(VerifyHandler.Form.ANY_SERVICE));
    table.any("/auth/verify/{service}", handler(VerifyHandler.Form.NAMED_SERVICE));
    table.any("/auth/envoy/*", handler(VerifyHandler.Form.ENVOY));
  }

  private VerifyHandler handler(VerifyHandler.Form form) {
    return new VerifyHandler(form, admission, verification, config);
  }
}
