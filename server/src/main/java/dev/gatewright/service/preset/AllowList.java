package dev.gatewright.service.preset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What of a backend may be reached; everything else does not exist. Paths are compared as they
/// came, byte for byte: `/api/%70ull` is not `/api/pull`, and stands on no list either. Immutable.
public final class AllowList {
  private final List<ServiceEndpoint> all;
  private final Map<String, List<ServiceEndpoint>> exact = new HashMap<>();
  private final List<ServiceEndpoint> open = new ArrayList<>();

  public AllowList(List<ServiceEndpoint> endpoints) {
    all = List.copyOf(endpoints);
    for (ServiceEndpoint endpoint : endpoints) {
      if (endpoint.open()) {
        open.add(endpoint);
      } else {
        exact.computeIfAbsent(endpoint.path(), _ -> new ArrayList<>(2)).add(endpoint);
      }
    }
  }

  public List<ServiceEndpoint> endpoints() {
    return all;
  }

  /// @param path the backend's path, raw, without query, as the edge's path rules let it pass
  public Access match(String method, String path) {
    ServiceEndpoint found = find(method, path);
    return found == null ? Access.NONE : found.access();
  }

  /// The entry that covers this call; an exact one before an open one, then in the list's order.
  public @Nullable ServiceEndpoint find(String method, String path) {
    List<ServiceEndpoint> here = exact.get(path);
    if (here != null) {
      for (ServiceEndpoint endpoint : here) {
        if (endpoint.takes(method)) {
          return endpoint;
        }
      }
    }
    for (ServiceEndpoint endpoint : open) {
      if (endpoint.takes(method) && covers(endpoint.prefix(), path)) {
        return endpoint;
      }
    }
    return null;
  }

  /// An encoded percent sign below an open path would be a second encoding, by which a backend that
  /// decodes twice could be led out of it.
  private static boolean covers(String prefix, String path) {
    return path.startsWith(prefix) && path.indexOf("%25", prefix.length()) < 0;
  }
}
