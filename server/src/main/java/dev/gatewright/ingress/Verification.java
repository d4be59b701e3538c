package dev.gatewright.ingress;

import dev.gatewright.admission.Admission;
import dev.gatewright.admission.Caller;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.ServicePlane;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.preset.Access;
import org.jspecify.annotations.Nullable;

/// May this caller send that request? The key has been accepted by now. Pure; on the event loop.
///
/// Without a request that can be believed the key alone is judged, unless the proxy names a
/// service: a service's list cannot be held against nothing, so that is a no.
final class Verification {
  private final Admission admission;
  private final ServicePaths paths;

  Verification(Admission admission, ServicePlane services) {
    this.admission = admission;
    this.paths = new ServicePaths(services);
  }

  /// @param reason in one word, for `x-gatewright-deny` and the access log
  record Denied(Refusal refusal, String reason) {}

  /// `/auth/verify` and `/auth/envoy`: the path says which service it is, if any.
  @Nullable Denied any(Caller caller, Original original) {
    return switch (original) {
      case Original.Unknown _ -> null;
      case Original.Unreadable unreadable -> unreadable(unreadable);
      case Original.Believed(String method, String path) -> {
        String segment = ServicePaths.firstSegment(path);
        Service service = paths.find(segment);
        if (service != null) {
          Access access = paths.ofGatePath(service, segment, method, path);
          yield decide(caller, service, access, method);
        }
        yield paths.looksLikeService(segment)
            ? denied("not_listed", "The path's first segment is a service's name, misspelled.")
            : null;
      }
    };
  }

  /// `/auth/verify/{service}`.
  @Nullable Denied named(Caller caller, String id, Original original) {
    Service service = paths.find(id);
    if (service == null) {
      return denied("no_service", "There is no service of this name.");
    }
    Refusal use = admission.allowsService(caller, service.id(), false);
    if (use != null) {
      return new Denied(use, VerifyReply.reason(use));
    }
    return switch (original) {
      case Original.Unknown _ ->
          denied(
              "no_uri",
              "Nobody who may be believed says which path of service %s is asked for."
                  .formatted(service.id()));
      case Original.Unreadable unreadable -> unreadable(unreadable);
      case Original.Believed(String method, String path) ->
          decide(caller, service, paths.ofNamed(service, method, path), method);
    };
  }

  private @Nullable Denied decide(Caller caller, Service service, Access access, String method) {
    Refusal refusal = admission.allowsService(caller, service.id(), access == Access.MANAGE);
    if (refusal != null) {
      return new Denied(refusal, VerifyReply.reason(refusal));
    }
    return access == Access.NONE
        ? denied(
            "not_listed",
            "service %s: this path is not on its list for %s".formatted(service.id(), method))
        : null;
  }

  private static Denied unreadable(Original.Unreadable original) {
    return denied(
        original.reason(),
        "The forwarded request may not pass: %s.".formatted(original.reason().replace('_', ' ')));
  }

  private static Denied denied(String reason, String message) {
    return new Denied(Refusal.denied(message), reason);
  }
}
