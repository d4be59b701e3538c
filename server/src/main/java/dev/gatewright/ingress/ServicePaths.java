package dev.gatewright.ingress;

import dev.gatewright.service.ServicePlane;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.preset.Access;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which service the URI of a forwarded request belongs to, and what it takes to call it. The lists
/// are the services' own; here is only how a proxy may write a path of theirs. Pure.
final class ServicePaths {
  /// Clients of Ollama that know a base URL only are served here, by the first such service.
  private static final String OLLAMA = "ollama";

  private final ServicePlane services;

  ServicePaths(ServicePlane services) {
    this.services = services;
  }

  /// @param id as in `/auth/verify/{service}`, or the first segment of a path
  @Nullable Service find(String id) {
    Service found = services.find(id);
    return found != null || !id.equals(OLLAMA) ? found : firstOllama();
  }

  private @Nullable Service firstOllama() {
    for (Service service : services.all()) {
      if (service.preset().id().equals(OLLAMA)) {
        return service;
      }
    }
    return null;
  }

  /// The first segment: `chat` of `/chat/api/tags`.
  static String firstSegment(String path) {
    int slash = path.indexOf('/', 1);
    return path.substring(1, slash < 0 ? path.length() : slash);
  }

  /// True when the first segment is a service's name to a reader who decodes it or takes large
  /// letters for small ones, as Caddy's matchers do, but is not that name as we write it.
  boolean looksLikeService(String segment) {
    String folded = decoded(segment).toLowerCase(Locale.ROOT);
    return !folded.equals(segment) && find(folded) != null;
  }

  /// What a request takes whose path is written as the gate's own callers write it.
  ///
  /// @param name the path's first segment: the service's id or an alias of it
  Access ofGatePath(Service service, String name, String method, String path) {
    String rest = path.substring(1 + name.length());
    if (rest.isEmpty()) {
      return method.equals("GET") || method.equals("HEAD") ? Access.USE : Access.NONE;
    }
    if (rest.startsWith("/api/")) {
      return service.allowList().match(method, service.backendPath(rest));
    }
    // WebSockets and nothing else: a socket begins with GET.
    boolean socket = rest.equals("/ws") || rest.startsWith("/ws/");
    return socket && method.equals("GET") ? service.allowList().match(method, rest) : Access.NONE;
  }

  /// The same where the proxy has named the service, and may have taken `/{service}/api` or
  /// `/{service}` off the path: then it is the backend's own.
  Access ofNamed(Service service, String method, String path) {
    String id = service.id();
    boolean whole = path.startsWith("/" + id + "/") || path.equals("/" + id);
    Access access = whole ? ofGatePath(service, id, method, path) : Access.NONE;
    if (access == Access.NONE) {
      access = service.allowList().match(method, path);
    }
    // `/tags` for `/chat/api/tags`. Not where the list is the operator's: what is missing on it may
    // be missing because `/api/x` is harmless and `/x` is not.
    boolean behindApi = !whole && !service.preset().id().equals("http");
    return access == Access.NONE && behindApi
        ? service.allowList().match(method, service.backendPath("/api" + path))
        : access;
  }

  private static String decoded(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    StringBuilder text = new StringBuilder(segment.length());
    for (int i = 0; i < segment.length(); i++) {
      // The edge's rules have seen to it that two hex digits follow.
      boolean percent = segment.charAt(i) == '%';
      text.append(
          percent
              ? (char) Integer.parseInt(segment.substring(i + 1, i + 3), 16)
              : segment.charAt(i));
      i += percent ? 2 : 0;
    }
    return new String(
        text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
