package dev.gatewright.rest;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Routes that belong together.
///
/// @param document the fragment that describes them: `openapi/<document>.yaml`
/// @param form what its errors look like
public record Resource(String document, ProblemForm form, List<ApiRoute> routes) {
  /// What a path that no route has may send, for a 404 or 405 to be answered in peace.
  private static final int STRAY_BODY_BYTES_MAX = 4 << 10;

  public Resource {
    routes = List.copyOf(routes);
  }

  public Resource(String document, List<ApiRoute> routes) {
    this(document, ProblemForm.PLAIN, routes);
  }

  /// Those of a feature that has several, and others.
  public static List<Resource> all(List<Resource> some, Resource... others) {
    return Stream.concat(some.stream(), Stream.of(others)).toList();
  }

  /// Whether one of its routes is this.
  ///
  /// @param path decoded, without the query
  public boolean has(String method, String path) {
    return routes.stream().anyMatch(route -> route.method().equals(method) && route.matches(path));
  }

  /// The longest body that `method path` takes, for whoever receives it before it is handed over.
  ///
  /// @param path decoded, without the query
  public static int bodyBytesMax(List<Resource> resources, String method, String path) {
    return routes(resources).stream()
        .filter(route -> route.method().equals(method) && route.matches(path))
        .map(ApiRoute::bodyBytesMax)
        .findFirst()
        .orElse(STRAY_BODY_BYTES_MAX);
  }

  /// Whether `method path` is answered by a stream.
  public static boolean streams(List<Resource> resources, String method, String path) {
    return resources.stream()
        .flatMap(resource -> resource.routes().stream())
        .anyMatch(route -> route.streams() && route.method().equals(method) && route.matches(path));
  }

  /// All routes; of two that match the same path the more specific one comes first.
  public static List<ApiRoute> routes(List<Resource> resources) {
    return resources.stream()
        .flatMap(resource -> resource.routes().stream())
        .sorted(Comparator.comparingInt(ApiRoute::fixed).reversed())
        .toList();
  }

  /// The form of errors at `path`, whether or not a route is there: that of the resource with a
  /// route that begins with the same two names.
  public static ProblemForm form(List<Resource> resources, String path) {
    return resources.stream()
        .filter(resource ->
            resource.routes().stream().anyMatch(route -> root(route.path()).equals(root(path))))
        .map(Resource::form)
        .findFirst()
        .orElse(ProblemForm.PLAIN);
  }

  private static String root(String path) {
    int second = path.indexOf('/', path.indexOf('/', 1) + 1);
    return second < 0 ? path : path.substring(0, second);
  }
}
