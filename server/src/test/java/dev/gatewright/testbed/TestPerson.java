package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Somebody at a browser: keeps the cookies a gate sets, sends them back as a page of the gate
/// would (`Sec-Fetch-Site: same-origin`, and the token that changes need), all by the real routes.
///
/// ```java
/// TestPerson owner = TestPerson.owner(gate);          // claims the gate, which nobody owned
/// TestPerson ana = TestPerson.signIn(gate, "ana@example.com");   // a person who is there
/// TestPerson viewer = TestPerson.member(gate, owner, "viewer");   // invited, signed in, accepted
/// ana.send("POST", "/api/keys", "{\"name\":\"x\"}");  // cookie, page and token included
/// ana.send("GET", "/api/keys", "", "x-gatewright-as-organization", organizationId);
/// ```
///
/// `cookie()` and `csrf()` are for who speaks with sockets. Not thread-safe.
public final class TestPerson {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  private static final AtomicInteger NETWORKS = new AtomicInteger();

  private final URI url;
  private final String address;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private JsonNode session = JSON.missingNode();

  private TestPerson(URI url) {
    this.url = url;
    int network = NETWORKS.incrementAndGet();
    this.address = "10.200.%d.%d".formatted(network >> 8 & 255, network & 255);
  }

  /// The same browser with the gate open as `localhost`: cookies and session are those it has.
  TestPerson atLocalhost() {
    TestPerson there = new TestPerson(URI.create("http://localhost:" + url.getPort() + "/"));
    there.cookies.putAll(cookies);
    there.session = session;
    return there;
  }

  /// The same browser with another replica at the other end: cookies and session are those it has.
  TestPerson at(Gate replica) {
    TestPerson there = new TestPerson(replica.url());
    there.cookies.putAll(cookies);
    there.session = session;
    return there;
  }

  /// A browser nobody has signed in with.
  public static TestPerson stranger(Gate gate) {
    return new TestPerson(gate.url());
  }

  /// Claims a gate that nobody owns: its operator, and owner of the first organization.
  public static TestPerson owner(Gate gate) throws IOException, InterruptedException {
    return owner(gate, "owner@example.com");
  }

  public static TestPerson owner(Gate gate, String email) throws IOException, InterruptedException {
    TestPerson person = stranger(gate);
    String body =
        "{\"token\":\"%s\",\"email\":\"%s\",\"organization\":\"First\"}"
            .formatted(setupToken(gate), email);
    person.begun(person.send("POST", "/api/auth/setup", body), 201);
    return person;
  }

  /// Signs a person in who is there, or may come. Each comes from a network of its own where the
  /// gate believes this machine (`trusted-proxies: [127.0.0.1]`): without that, 20 in an hour are
  /// as many as one network may ask codes for.
  public static TestPerson signIn(Gate gate, String email)
      throws IOException, InterruptedException {
    TestPerson person = stranger(gate);
    String code = person.askCode(gate, email);
    person.begun(
        person.send(
            "POST",
            "/api/auth/session",
            "{\"email\":\"%s\",\"code\":\"%s\"}".formatted(email, code)),
        201);
    return person;
  }

  /// The same at a site, behind a proxy that says so (`trusted-proxies: [127.0.0.1]`).
  ///
  /// @param headers what that proxy adds, as [#send] takes them
  public static TestPerson signInAt(Gate gate, String email, String... headers)
      throws IOException, InterruptedException {
    TestPerson person = stranger(gate);
    String body = "{\"email\":\"%s\"}".formatted(email);
    person.call("POST", "/api/auth/code", body, 202, headers);
    String code =
        gate.admin().call("POST", "/api/auth/login-code", body, 200).path("code").asText();
    String entered = "{\"email\":\"%s\",\"code\":\"%s\"}".formatted(email, code);
    person.begun(person.send("POST", "/api/auth/session", entered, headers), 201);
    return person;
  }

  /// A new member of the first organization of `owner`, who was invited, signed in and accepted.
  ///
  /// @param role `admin`, `developer`, `billing`, `viewer` or `owner`
  /// @param projects ids granted
  public static TestPerson member(Gate gate, TestPerson owner, String role, String... projects)
      throws IOException, InterruptedException {
    String email = role + NETWORKS.get() + "@example.com";
    ObjectNode invitation = JSON.createObjectNode().put("email", email).put("role", role);
    ArrayNode granted = invitation.putArray("projects");
    List.of(projects).forEach(granted::add);
    String link =
        owner
            .call("POST", "/api/team/invitations", invitation.toString(), 201)
            .path("link")
            .asText();
    TestPerson person = signIn(gate, email);
    String token = link.substring(link.indexOf('#') + 1);
    person.call("POST", "/api/team/invitations/accept", "{\"token\":\"%s\"}".formatted(token), 200);
    person.begun(person.send("GET", "/api/auth/session", ""), 200);
    return person;
  }

  /// Asks for a code in this browser, and has it read out at the gate's machine.
  String askCode(Gate gate, String email) throws IOException, InterruptedException {
    String body = "{\"email\":\"%s\"}".formatted(email);
    call("POST", "/api/auth/code", body, 202);
    return gate.admin().call("POST", "/api/auth/login-code", body, 200).path("code").asText();
  }

  /// Proves once more to be it.
  public void stepUp(Gate gate) throws IOException, InterruptedException {
    String code = askCode(gate, email());
    begun(send("POST", "/api/auth/step-up", "{\"code\":\"%s\"}".formatted(code)), 200);
  }

  /// The token of a new set-up link.
  public static String setupToken(Gate gate) throws IOException, InterruptedException {
    String link = gate.admin().call("POST", "/api/auth/setup/link", "", 201).path("link").asText();
    return link.substring(link.indexOf('#') + 1);
  }

  /// Takes what a sign-in answered.
  void begun(HttpResponse<String> answer, int expected) throws IOException {
    if (answer.statusCode() != expected) {
      throw new AssertionError("signing in: %d %s".formatted(answer.statusCode(), answer.body()));
    }
    session = JSON.readTree(answer.body());
  }

  /// `per_…`
  public String id() {
    return session.at("/person/id").asText();
  }

  public String email() {
    return session.at("/person/email").asText();
  }

  /// The id of the first organization the person belongs to, by name.
  public String organizationId() {
    return session.at("/organizations/0/id").asText();
  }

  /// The value of a `Cookie` header.
  public String cookie() {
    StringBuilder line = new StringBuilder();
    cookies.forEach((name, value) ->
        line.append(line.isEmpty() ? "" : "; ").append(name).append('=').append(value));
    return line.toString();
  }

  /// The same at another replica, where the browser has the cookie under that one's port.
  String cookieAt(Gate gate) {
    return cookie().replaceAll("gw_[0-9]+=", "gw_%d=".formatted(gate.port()));
  }

  /// The value of `x-csrf-token`.
  public String csrf() {
    return session.path("csrf_token").asText();
  }

  /// The browser's cookies, to be spoilt.
  Map<String, String> cookies() {
    return cookies;
  }

  /// As a page of the gate sends it.
  ///
  /// @param headers names and values, in place of the page's own where they have the same name
  public HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("sec-fetch-site", "same-origin");
    if (!path.equals("/api/auth/setup")) {
      all.put("x-forwarded-for", address);
    }
    if (!method.equals("GET") && session.has("csrf_token")) {
      all.put("x-csrf-token", csrf());
    }
    if (!cookies.isEmpty()) {
      all.put("cookie", cookie());
    }
    if (!body.isEmpty()) {
      all.put("content-type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    all.forEach((name, value) -> {
      if (!value.isEmpty()) {
        request.header(name, value);
      }
    });
    HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
    answer.headers().allValues("set-cookie").forEach(this::keep);
    return answer;
  }

  private void keep(String setCookie) {
    String[] pair = setCookie.split(";", 2)[0].split("=", 2);
    if (setCookie.contains("Max-Age=0")) {
      cookies.remove(pair[0]);
    } else {
      cookies.put(pair[0], pair[1]);
    }
  }

  /// The same, for its JSON.
  public JsonNode call(String method, String path, String body, int expected, String... headers)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = send(method, path, body, headers);
    if (answer.statusCode() != expected) {
      throw new AssertionError(
          "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return JSON.readTree(answer.body());
  }
}
