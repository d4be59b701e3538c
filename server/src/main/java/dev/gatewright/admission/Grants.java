package dev.gatewright.admission;

import dev.gatewright.key.ApiKey;
import dev.gatewright.policy.Policy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one call was allowed, so that it can be asked again when its key is edited. Bounded: a call
/// that asked for more, such as one that lists every model, cannot be asked again. Confined to the
/// call's thread: its event loop, or its virtual thread.
final class Grants {
  private static final int GRANTS_MAX = 32;

  private final List<Model> models = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private @Nullable InetAddress address;
  private boolean beyond;

  private record Model(String asked, @Nullable String target) {}

  private record Service(String id, boolean manage) {}

  void address(InetAddress from) {
    address = from;
  }

  void model(String asked, @Nullable String target) {
    if (room()) {
      models.add(new Model(asked, target));
    }
  }

  void service(String id, boolean manage) {
    if (room()) {
      services.add(new Service(id, manage));
    }
  }

  private boolean room() {
    beyond |= models.size() + services.size() >= GRANTS_MAX;
    return !beyond;
  }

  /// Whether all of it would be allowed now, too. A call may still use any target it was granted,
  /// so each counts.
  boolean stillFit(ApiKey key, Policy policy) {
    if (beyond || (address != null && policy.address(address) != null)) {
      return false;
    }
    for (Model model : models) {
      if (KeyAdmission.denial(policy, model.asked(), model.target()) != null) {
        return false;
      }
    }
    for (Service service : services) {
      if (policy.service(service.id()) != null
          || (service.manage() && !key.manages().contains(service.id()))) {
        return false;
      }
    }
    return true;
  }
}
