package dev.gatewright.ingress;

import dev.gatewright.admission.Admission;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.net.Cidr;
import dev.gatewright.service.ServicePlane;
import java.util.List;
import java.util.function.Predicate;

/// The routes for front proxies, wired together. Thread-safe.
public final class IngressPlane {
  private final Admission admission;
  private final Verification verification;
  private final IngressConfig config;
  private final SiteHandler sites;

  /// @param listed whether a host is one of the gate's sites
  /// @param proxies who may ask that
  public IngressPlane(
      Admission admission,
      ServicePlane services,
      IngressConfig config,
      Predicate<String> listed,
      List<Cidr> proxies) {
    this.admission = admission;
    this.verification = new Verification(admission, services);
    this.config = config;
    this.sites = new SiteHandler(listed, proxies);
  }

  public void mount(RouteTable.Builder table) {
    table.any("/auth/verify", handler(VerifyHandler.Form.ANY_SERVICE));
    table.any("/auth/verify/{service}", handler(VerifyHandler.Form.NAMED_SERVICE));
    table.get("/auth/site", sites);
    table.any("/auth/envoy/*", handler(VerifyHandler.Form.ENVOY));
  }

  private VerifyHandler handler(VerifyHandler.Form form) {
    return new VerifyHandler(form, admission, verification, config);
  }
}
