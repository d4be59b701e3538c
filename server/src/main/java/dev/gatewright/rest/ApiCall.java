package dev.gatewright.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One call on a route, past its door: the caller is known, the body is there, the query holds
/// nothing unknown. Confined to the call's thread.
public final class ApiCall {
  private final ApiRoute route;
  private final Origin origin;
  private final Head head;
  private final byte[] body;
  private final Query query;
  private final @Nullable Object caller;
  private final Cursors cursors;
  private final BiConsumer<String, String> tell;

  /// Where it comes from.
  ///
  /// @param requestId `req_…`
  /// @param client the caller's address, as the edge determined it
  /// @param scheme `http` or `https`, as it was for the caller
  /// @param host the name the caller asked, with its port where it named one
  public record Origin(String requestId, InetAddress client, String scheme, String host) {}

  /// @param path values of the template's names
  /// @param query as it stands behind the `?`; null = none
  /// @param headers all values of a header, by its name in lower case
  public record Head(
      Map<String, String> path, @Nullable String query, Function<String, List<String>> headers) {}

  /// @param caller what the route's [Access] finds
  /// @param tell takes a header of the answer, good or bad
  /// @throws Problem 400, 422 for a query the route does not know
  public ApiCall(
      ApiRoute route,
      Origin origin,
      Head head,
      byte[] body,
      @Nullable Object caller,
      Cursors cursors,
      BiConsumer<String, String> tell) {
    this.route = route;
    this.origin = origin;
    this.head = head;
    this.body = body;
    this.caller = caller;
    this.cursors = cursors;
    this.tell = tell;
    this.query = Query.of(head.query, route.query());
  }

  public String requestId() {
    return origin.requestId;
  }

  public InetAddress client() {
    return origin.client;
  }

  public Origin origin() {
    return origin;
  }

  /// `GET /api/keys/{id}`
  public String routeName() {
    return route.name();
  }

  /// Who calls; the type follows from the route's [Access].
  public <T> T caller(Class<T> type) {
    return type.cast(Objects.requireNonNull(caller, "a route for everybody knows no caller"));
  }

  /// A header that goes with the answer, whether that is good or a refusal.
  ///
  /// @param name in lower case
  public void tell(String name, String value) {
    tell.accept(name, value);
  }

  /// A value of the path.
  public String path(String name) {
    String value = Objects.requireNonNull(head.path.get(name), name);
    // U+FFFD stands where Jetty met broken UTF-8; no name of ours has one.
    if (value.indexOf(0) >= 0 || value.indexOf('\uFFFD') >= 0) {
      throw Problem.invalid(name, name + ": not readable (expected: UTF-8, no %00)");
    }
    return value;
  }

  public Query query() {
    return query;
  }

  /// All values of a header, by its name in lower case.
  public List<String> headers(String name) {
    return head.headers.apply(name);
  }

  public Function<String, List<String>> headers() {
    return head.headers;
  }

  /// The body as it came, for what is signed over.
  public byte[] bytes() {
    return body.clone();
  }

  /// Whether there is a body that says something.
  public boolean hasBody() {
    for (byte at : body) {
      if (at > ' ' || at < 0) {
        return true;
      }
    }
    return false;
  }

  /// Names what is asked for: of two requests that ask for the same it is the same.
  public String bodyHash(MessageDigest digest) {
    digest.update(body);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  /// The same caller's call of another route, without body and query.
  public ApiCall to(ApiRoute other, Map<String, String> path) {
    return new ApiCall(
        other, origin, new Head(path, null, head.headers), new byte[0], caller, cursors, tell);
  }

  /// The body as JSON of this type.
  ///
  /// @throws Problem 400 when it is not JSON, 422 when it does not fit
  public <T> T body(Class<T> type) {
    return Json.read(body, type);
  }

  /// The same, where no body says the same as an empty object.
  public <T> T bodyOr(Class<T> type, T absent) {
    return hasBody() ? body(type) : absent;
  }

  /// The body as JSON of any shape.
  public JsonNode tree() {
    return Json.tree(body);
  }

  /// The body as a form.
  ///
  /// @param names of its fields
  /// @throws Problem 400, 422 when it cannot be read, or has others
  public Query form(String... names) {
    return Query.of(new String(body, StandardCharsets.UTF_8), Set.of(names));
  }

  private record NoFields() {}

  /// @throws Problem 422 when the body has fields
  public void requireNoFields() {
    bodyOr(NoFields.class, new NoFields());
  }

  /// @throws Problem 400 when the header is no list of tags
  public IfMatch ifMatch() {
    return IfMatch.of(headers("if-match"));
  }

  /// Which page of a list is asked for, by `limit` and `cursor`.
  ///
  /// @param owner whose list it is, such as an organization's id: a cursor is good for no other
  /// @throws Problem 400 for a cursor that is not of this list, 422 for a limit out of bounds
  public Paging paging(String owner, int rows, int rowsMax) {
    return new Paging(
        cursors,
        route.name() + '\n' + owner + query.filter(),
        query.number(Paging.LIMIT, rows, rowsMax),
        query.text(Cursors.PARAMETER));
  }
}
