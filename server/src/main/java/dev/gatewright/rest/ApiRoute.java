package dev.gatewright.rest;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// One method of one path: the only way a resource is reached. Whoever writes one says who may call
/// it and how long its body may be; the list of all routes is what the server mounts, what the edge
/// asks for limits, what the document shows and what tests go through.
///
/// @param path a template such as `/api/keys/{id}`
/// @param bodyBytesMax longest body; 0 = it takes none
/// @param query the query parameters it knows; any other is refused
/// @param creates a repeat with the same `Idempotency-Key` gets the first answer and makes nothing
/// @param streams its answer goes on until somebody ends it: it takes no place among the calls that
///   the portal answers at once, but one of its own kind
/// @param form its body is a form, as other protocols have it, in place of JSON
public record ApiRoute(
    String method,
    String path,
    Access access,
    int bodyBytesMax,
    ApiHandler handler,
    Set<String> query,
    boolean creates,
    boolean streams,
    boolean form) {
  /// Longest body any route takes.
  public static final int BODY_BYTES_MOST = 1 << 20;

  private static final Pattern PATH = Pattern.compile("(/([a-z0-9.-]+|\\{[a-z]+}))+");
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  public ApiRoute {
    if (!METHODS.contains(method) || !PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(method + " " + path + " (expected: GET /api/things/{id})");
    }
    if (bodyBytesMax < 0 || bodyBytesMax > BODY_BYTES_MOST) {
      throw new IllegalArgumentException(
          "body of %s %s: %d bytes (expected: 0…%d)"
              .formatted(method, path, bodyBytesMax, BODY_BYTES_MOST));
    }
    if (creates
        && !(access instanceof Access.InOrganization
            || access instanceof Access.Platform
            || access instanceof Access.Account
            || access instanceof Access.SignedIn)) {
      throw new IllegalArgumentException(
          "%s %s creates (expected: a caller that is known by name)".formatted(method, path));
    }
    query = Set.copyOf(query);
  }

  public ApiRoute(String method, String path, Access access, int bodyBytesMax, ApiHandler handler) {
    this(method, path, access, bodyBytesMax, handler, Set.of(), false, false, false);
  }

  public static ApiRoute get(String path, Access access, ApiHandler handler) {
    return new ApiRoute("GET", path, access, 0, handler);
  }

  public static ApiRoute delete(String path, Access access, ApiHandler handler) {
    return new ApiRoute("DELETE", path, access, 0, handler);
  }

  public static ApiRoute post(String path, Access access, int bodyBytesMax, ApiHandler handler) {
    return new ApiRoute("POST", path, access, bodyBytesMax, handler);
  }

  /// A POST that makes something and names it in its answer by `id`.
  public static ApiRoute create(String path, Access access, int bodyBytesMax, ApiHandler handler) {
    return new ApiRoute("POST", path, access, bodyBytesMax, handler, Set.of(), true, false, false);
  }

  public static ApiRoute patch(String path, Access access, int bodyBytesMax, ApiHandler handler) {
    return new ApiRoute("PATCH", path, access, bodyBytesMax, handler);
  }

  public static ApiRoute put(String path, Access access, int bodyBytesMax, ApiHandler handler) {
    return new ApiRoute("PUT", path, access, bodyBytesMax, handler);
  }

  /// The same route with the query parameters it knows.
  public ApiRoute query(String... names) {
    return new ApiRoute(
        method, path, access, bodyBytesMax, handler, Set.of(names), creates, streams, form);
  }

  /// The same for one that answers an [Answer.Streaming].
  public ApiRoute streaming() {
    return new ApiRoute(method, path, access, bodyBytesMax, handler, query, creates, true, form);
  }

  /// The same for one whose body is `application/x-www-form-urlencoded`: [ApiCall#form].
  public ApiRoute withForm() {
    return new ApiRoute(method, path, access, bodyBytesMax, handler, query, creates, streams, true);
  }

  /// `GET /api/keys/{id}`: its name in tests, the document and cursors.
  public String name() {
    return method + " " + path;
  }

  /// Whether `path` is one of this template's.
  boolean matches(String asked) {
    String[] template = path.split("/", -1);
    String[] given = asked.split("/", -1);
    if (template.length != given.length) {
      return false;
    }
    for (int i = 0; i < template.length; i++) {
      boolean open = template[i].startsWith("{") && !given[i].isEmpty();
      if (!open && !template[i].equals(given[i])) {
        return false;
      }
    }
    return true;
  }

  /// How specific the template is, for two that match: each letter that is fixed counts.
  int fixed() {
    return (int) List.of(path.split("/")).stream().filter(part -> !part.startsWith("{")).count();
  }
}
