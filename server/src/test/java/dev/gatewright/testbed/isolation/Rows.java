package dev.gatewright.testbed.isolation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How each operation is asked for the attacked tenant's things. An operation that is in none of
/// the tables fails the matrix: whoever adds one says here what it is about.
final class Rows {
  /// What the parameter of a path stands for, by the path's beginning; `-` = nobody's.
  private static final Map<String, String> PATHS = new TreeMap<>();

  /// A body, with `<kind>` for ids; a GET or DELETE needs none.
  private static final Map<String, String> BODIES = new LinkedHashMap<>();

  /// Further bodies: each thing that an operation can name is named by itself, since of two the
  /// first that is not there may end it.
  private static final Map<String, List<String>> MORE_BODIES = new LinkedHashMap<>();

  /// Queries worth asking with, beside the plain path.
  private static final Map<String, List<String>> QUERIES = new LinkedHashMap<>();

  static {
    PATHS.put("/api/keys/", "key");
    PATHS.put("/api/projects/", "project");
    PATHS.put("/api/organizations/", "organization");
    PATHS.put("/api/platform/organizations/", "organization");
    PATHS.put("/api/team/members/", "person");
    PATHS.put("/api/team/invitations/", "invitation");
    PATHS.put("/api/policy/rules/", "rule");
    PATHS.put("/api/limits/", "limit");
    PATHS.put("/api/credentials/", "credential");
    PATHS.put("/api/providers/", "provider");
    PATHS.put("/api/models/", "model");
    PATHS.put("/api/webhooks/", "webhook");
    PATHS.put("/api/billing/topups/", "topup");
    PATHS.put("/api/prices/", "-");
    PATHS.put("/api/auth/sessions/", "session");
    PATHS.put("/api/auth/oidc/", "-");
    PATHS.put("/api/auth/passkeys/", "-");
    PATHS.put("/api/rooms/", "room");
    PATHS.put("/v1/rooms/", "room");
    PATHS.put("/v1/models/", "model");
    PATHS.put("/api/services/", "-");
    PATHS.put("/api/billing/statements/", "-");
    PATHS.put("/api/billing/requests/", "request");
    PATHS.put("/api/budgets/", "budget");
    PATHS.put("/api/usage/exports/", "export");
    PATHS.put("/docs/", "-");
    PATHS.put("/console/", "-");
    PATHS.put("/go/", "-");
    PATHS.put("/auth/", "-");
    PATHS.put("/{service}", "-");

    BODIES.put("POST /api/keys", "{\"name\":\"x\",\"project_id\":\"<project>\"}");
    BODIES.put(
        "POST /api/keys/preview",
        "{\"name\":\"x\",\"project_id\":\"<project>\",\"owner\":\"<person>\"}");
    BODIES.put("POST /api/keys/import", "{\"rows\":[]}");
    BODIES.put("POST /api/keys/verify", "{\"key\":\"<secret>\"}");
    BODIES.put("PATCH /api/keys/{id}", "{\"name\":\"x\"}");
    for (String act : List.of("disable", "enable", "revoke", "rotate")) {
      BODIES.put("POST /api/keys/{id}/" + act, "{}");
    }
    BODIES.put("POST /api/playground/token", "{\"key_id\":\"<key>\"}");
    BODIES.put("POST /api/audit/verify", "{}");
    BODIES.put("POST /api/tickets", "{\"service\":\"echo\"}");
    BODIES.put("POST /api/organizations", "{\"name\":\"x\"}");
    BODIES.put("PATCH /api/organizations/{id}", "{\"name\":\"x\"}");
    BODIES.put("POST /api/organizations/{id}/restore", "");
    BODIES.put("POST /api/organizations/{id}/transfer", "{\"person_id\":\"<person>\"}");
    BODIES.put("PATCH /api/platform/organizations/{id}", "{\"platform_credentials\":true}");
    BODIES.put(
        "POST /api/platform/act-as", "{\"organization_id\":\"<organization>\",\"reason\":\"x\"}");
    BODIES.put("POST /api/projects", "{\"name\":\"x\"}");
    BODIES.put("PATCH /api/projects/{id}", "{\"name\":\"x\"}");
    BODIES.put("PATCH /api/team/members/{id}", "{\"role\":\"viewer\"}");
    BODIES.put(
        "POST /api/team/invitations",
        "{\"email\":\"x@example.com\",\"role\":\"viewer\",\"projects\":[\"<project>\"]}");
    BODIES.put("POST /api/team/invitations/accept", "{\"token\":\"<token>\"}");
    BODIES.put(
        "POST /api/policy/rules",
        "{\"on\":\"project\",\"id\":\"<project>\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"x\"]}");
    BODIES.put("PATCH /api/policy/rules/{id}", "{\"name\":\"x\"}");
    BODIES.put(
        "POST /api/policy/explain",
        "{\"key_id\":\"<key>\",\"method\":\"POST\",\"path\":\"/v1/chat/completions\",\"model\":\"fast\",\"ip\":\"127.0.0.1\"}");
    BODIES.put(
        "POST /api/policy/preview",
        "{\"rules\":[{\"on\":\"key\",\"id\":\"<key>\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"x\"]}]}");
    BODIES.put(
        "POST /api/limits",
        "{\"on\":\"<key>\",\"kind\":\"requests\",\"max\":1,\"per\":\"minute\"}");
    BODIES.put("PATCH /api/limits/{id}", "{\"max\":1}");
    BODIES.put(
        "POST /api/credentials",
        "{\"name\":\"x\",\"kind\":\"provider\",\"provider\":\"local\",\"secret\":\"sk-x\",\"project_id\":\"<project>\"}");
    BODIES.put("PATCH /api/credentials/{id}", "{\"name\":\"x\"}");
    BODIES.put("POST /api/credentials/{id}/check", "");
    BODIES.put("PUT /api/credentials/{id}/secret", "{\"secret\":\"sk-x\"}");
    BODIES.put(
        "POST /api/providers",
        "{\"id\":\"x\",\"dialect\":\"openai\",\"base_url\":\"https://x.example/v1\"}");
    BODIES.put("PATCH /api/providers/{id}", "{\"models\":[\"x\"]}");
    BODIES.put("POST /api/models", "{\"id\":\"x\",\"targets\":[\"<provider>/a\"]}");
    BODIES.put("PATCH /api/models/{id}", "{\"targets\":[\"local/a\"]}");
    BODIES.put(
        "POST /api/prices",
        "{\"model\":\"x/y\",\"meters\":{\"input\":{\"usd\":\"1\",\"per\":\"1M\"}}}");
    BODIES.put("POST /api/prices/quote", "{\"model\":\"x/y\",\"meters\":{\"input\":1}}");
    BODIES.put("POST /api/webhooks", "{\"url\":\"https://x.example/hook\",\"events\":[\"key\"]}");
    BODIES.put("PATCH /api/webhooks/{id}", "{\"note\":\"x\"}");
    for (String act : List.of("rotate", "test", "deliveries/{delivery}/resend")) {
      BODIES.put("POST /api/webhooks/{id}/" + act, "{}");
    }
    BODIES.put("POST /api/secrets/rotate", "{}");
    BODIES.put("POST /api/platform/import", "{}");
    BODIES.put(
        "POST /api/billing/grants", "{\"organization_id\":\"<organization>\",\"usd\":\"1\"}");
    BODIES.put(
        "POST /api/billing/refunds",
        "{\"organization_id\":\"<organization>\",\"request_id\":\"req_x\",\"usd\":\"1\"}");
    BODIES.put(
        "POST /api/billing/adjustments", "{\"organization_id\":\"<organization>\",\"usd\":\"1\"}");
    BODIES.put("POST /api/billing/verify", "{}");
    BODIES.put(
        "POST /api/budgets", "{\"on\":\"<key>\",\"usd\":\"1\",\"per\":\"day\",\"hard\":false}");
    BODIES.put("PATCH /api/budgets/{id}", "{\"usd\":\"2\"}");
    BODIES.put("POST /api/billing/topups", "{\"usd\":\"25\"}");
    BODIES.put(
        "PUT /api/billing/auto-topup", "{\"below\":\"5\",\"to\":\"25\",\"per_month_max\":\"100\"}");
    BODIES.put("POST /api/billing/webhooks/stripe", "{}");
    BODIES.put("POST /api/auth/setup", "{\"token\":\"x\",\"email\":\"x@example.com\"}");
    BODIES.put("POST /api/auth/setup/link", "");
    BODIES.put(
        "POST /api/auth/setup/owner", "{\"email\":\"x@example.com\",\"organization\":\"x\"}");
    BODIES.put("POST /api/auth/code", "{\"email\":\"x@example.com\"}");
    BODIES.put("POST /api/auth/login-code", "{\"email\":\"<email>\"}");
    BODIES.put("POST /api/auth/session", "{\"email\":\"<email>\",\"code\":\"00000000\"}");
    BODIES.put("POST /api/auth/step-up", "{\"code\":\"00000000\"}");
    BODIES.put("POST /api/auth/token", "grant_type=client_credentials&client_id=<key>");
    BODIES.put("POST /api/auth/token/introspect", "token=<secret>&client_id=<key>");
    BODIES.put("POST /api/auth/pairings", "{\"host\":\"x\"}");
    BODIES.put("POST /api/auth/pairings/token", "{\"device_code\":\"x\"}");
    BODIES.put("POST /api/auth/pairings/show", "{\"user_code\":\"BCDF-GHJK\"}");
    BODIES.put(
        "POST /api/auth/pairings/approve",
        "{\"user_code\":\"BCDF-GHJK\",\"organization_id\":\"<organization>\"}");
    BODIES.put("POST /api/auth/pairings/deny", "{\"user_code\":\"BCDF-GHJK\"}");
    BODIES.put("POST /api/auth/passkeys", "{\"credential\":{\"id\":\"x\"}}");
    BODIES.put("POST /api/auth/passkeys/options", "{}");
    BODIES.put("POST /api/auth/passkeys/sign-in", "{\"credential\":{\"id\":\"x\"}}");
    BODIES.put("POST /api/auth/passkeys/sign-in/options", "{}");
    BODIES.put("POST /api/auth/passkeys/step-up", "{\"credential\":{\"id\":\"x\"}}");
    BODIES.put("POST /api/auth/passkeys/step-up/options", "{}");
    BODIES.put("POST /api/auth/passkeys/reset", "{\"email\":\"<email>\"}");
    BODIES.put("POST /api/auth/oidc/{id}/link", "{}");
    BODIES.put("POST /api/auth/oidc/{id}/logout", "logout_token=x");
    BODIES.put("POST /api/auth/oidc/sign-out", "{}");
    for (String act : List.of("check", "drain", "undrain")) {
      BODIES.put("POST /api/services/{id}/" + act, "{}");
    }
    String room = "{\"provider\":\"daily\",\"name\":\"<room>\"}";
    BODIES.put("POST /api/rooms/create", "{}");
    BODIES.put("POST /v1/rooms", room);
    BODIES.put("POST /v1/room-plans", room);
    BODIES.put("PATCH /v1/rooms/{name}", "{}");
    BODIES.put("POST /v1/rooms/{name}/tokens", "{}");
    String chat = "{\"model\":\"<model>\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    BODIES.put("POST /v1/chat/completions", chat);
    BODIES.put("POST /v1/messages", chat.replace("}]}", "}],\"max_tokens\":1}"));
    BODIES.put("POST /v1/messages/count_tokens", chat);
    BODIES.put("POST /v1/embeddings", "{\"model\":\"<model>\",\"input\":\"x\"}");
    BODIES.put("POST /v1/images/generations", "{\"model\":\"<model>\",\"prompt\":\"x\"}");
    BODIES.put("POST /v1/responses", "{\"model\":\"<model>\",\"input\":\"x\"}");

    MORE_BODIES.put("POST /api/keys", List.of("{\"name\":\"x\",\"owner\":\"<person>\"}"));
    MORE_BODIES.put(
        "POST /api/keys/preview",
        List.of(
            "{\"name\":\"x\",\"owner\":\"<person>\"}",
            "{\"name\":\"x\",\"project_id\":\"<project>\"}"));
    MORE_BODIES.put("PATCH /api/keys/{id}", List.of("{\"owner\":\"<person>\"}"));
    MORE_BODIES.put(
        "POST /api/organizations", List.of("{\"name\":\"x\",\"owner_id\":\"<person>\"}"));
    MORE_BODIES.put(
        "PATCH /api/team/members/{id}",
        List.of("{\"role\":\"developer\",\"projects\":[\"<project>\"]}"));
    MORE_BODIES.put(
        "POST /api/policy/rules",
        List.of(
            rule("member", "person"), rule("key", "key"), rule("organization", "organization")));
    MORE_BODIES.put(
        "POST /api/policy/preview",
        List.of(
            "{\"rules\":[" + rule("project", "project") + "]}",
            "{\"rules\":[" + rule("member", "person") + "]}",
            "{\"rules\":[" + rule("organization", "organization") + "]}"));
    MORE_BODIES.put(
        "POST /api/limits",
        List.of(
            "{\"on\":\"<person>\",\"kind\":\"requests\",\"max\":1,\"per\":\"minute\"}",
            "{\"on\":\"<project>\",\"kind\":\"requests\",\"max\":1,\"per\":\"minute\"}",
            "{\"on\":\"<organization>\",\"kind\":\"requests\",\"max\":1,\"per\":\"minute\"}"));
    MORE_BODIES.put(
        "POST /api/budgets",
        List.of(
            "{\"on\":\"<person>\",\"usd\":\"1\",\"per\":\"day\",\"hard\":false}",
            "{\"on\":\"<project>\",\"usd\":\"1\",\"per\":\"day\",\"hard\":false}",
            "{\"on\":\"<organization>\",\"usd\":\"1\",\"per\":\"day\",\"hard\":false}"));
    MORE_BODIES.put("PATCH /api/models/{id}", List.of("{\"targets\":[\"<provider>/a\"]}"));
    MORE_BODIES.put(
        "POST /api/billing/refunds",
        List.of(
            "{\"topup_id\":\"<topup>\",\"usd\":\"1\"}",
            "{\"request_id\":\"<request>\",\"usd\":\"1\"}"));
    MORE_BODIES.put(
        "POST /api/usage/exports",
        List.of("{\"project\":\"<project>\"}", "{\"request\":\"<request>\"}"));
    BODIES.put("POST /api/usage/exports", "{\"key\":\"<key>\"}");
    BODIES.put("PUT /api/usage/retention", "{\"retention_days\":30}");
    QUERIES.put("GET /api/usage", List.of("?group=key,project"));
    QUERIES.put("GET /api/usage/series", List.of("?group=key"));
    QUERIES.put(
        "GET /api/policy/rules",
        List.of(
            "?on=project&id=<project>",
            "?on=key&id=<key>",
            "?on=member&id=<person>",
            "?on=organization&id=<organization>"));
  }

  private static String rule(String on, String kind) {
    return "{\"on\":\"%s\",\"id\":\"<%s>\",\"effect\":\"deny\",\"type\":\"models\",\"values\":[\"x\"]}"
        .formatted(on, kind);
  }

  /// What else may stand in a query by the parameter's name. One that is neither here nor in
  /// [#PLAIN] fails the matrix.
  private static final Map<String, List<String>> NAMING =
      Map.ofEntries(
          Map.entry("actor", List.of("<person>", "<key>")),
          Map.entry("object", List.of("<key>", "<project>", "<credential>", "<webhook>")),
          Map.entry("key", List.of("<key>")),
          Map.entry("project", List.of("<project>")),
          Map.entry("project_id", List.of("<project>")),
          Map.entry("on", List.of("<key>", "<project>", "<person>", "<organization>")),
          Map.entry("id", List.of()),
          Map.entry("email", List.of("<email>")),
          Map.entry("provider", List.of("<provider>")),
          Map.entry("model", List.of("<model>")),
          Map.entry("request", List.of("<request>")),
          Map.entry("organization", List.of("<organization>")),
          Map.entry("cursor", List.of("<cursor>")));

  /// Parameters that name nothing of anybody's; those of a browser's way back from an identity
  /// provider are that sign-in's own.
  private static final Set<String> PLAIN =
      Set.of(
          ("action authuser by client_info code compat domain error error_description error_uri format"
                  + " from group hd iss kind limit max_cost min_cost network outcome prompt return scope service"
                  + " session_state since state status step tag test ticket to tz unused")
              .split(" ", -1));

  /// Lists that are the same for everybody, and so are their cursors.
  private static final Set<String> EVERYBODYS = Set.of("/api/prices");

  /// Fields of bodies that name something of a tenant's: each stands in a row by itself.
  private static final Set<String> NAMING_FIELDS =
      Set.of(
          "key_id",
          "organization_id",
          "owner",
          "owner_id",
          "person_id",
          "project_id",
          "projects",
          "targets",
          "topup_id");

  private Rows() {}

  /// What is sent.
  ///
  /// @param headers names and values
  /// @param about whether an id of the attacked tenant stands in it
  record Row(String method, String target, String body, List<String> headers, boolean about) {
    String shown(String name) {
      return name + (headers.isEmpty() ? "" : " " + headers) + (about ? " " + target + body : "");
    }
  }

  /// Each way to ask an operation.
  ///
  /// @throws AssertionError when it is in no table
  static List<Row> of(Asked asked, Things things) {
    String body = BODIES.get(asked.name());
    if (body == null && asked.changes() && !asked.method().equals("DELETE")) {
      throw new AssertionError(asked.name() + ": no row (expected: its body in Rows.BODIES)");
    }
    String template = path(asked);
    List<Row> rows = new ArrayList<>();
    List<String> bodies = new ArrayList<>();
    bodies.add(body == null ? "" : body);
    bodies.addAll(MORE_BODIES.getOrDefault(asked.name(), List.of()));
    requireEachField(asked, bodies);
    for (String each : bodies) {
      rows.add(row(asked, template, each, List.of(), things));
    }
    for (String query : QUERIES.getOrDefault(asked.name(), List.of())) {
      rows.add(row(asked, template + query, "", List.of(), things));
    }
    for (String query : asked.queries()) {
      for (String value : values(asked, query, things)) {
        rows.add(
            row(asked, template + "?" + query + "=" + value, bodies.getFirst(), List.of(), things));
      }
    }
    for (String header : asked.headers()) {
      String value = HEADERS.get(header);
      if (value != null) {
        rows.add(row(asked, template, bodies.getFirst(), List.of(header, value), things));
      }
    }
    return rows;
  }

  /// Headers by which something is named, or by which what is there could be told from what is not.
  private static final Map<String, String> HEADERS =
      Map.of(
          "x-gatewright-as-organization",
          "<organization>",
          "last-event-id",
          "<event>",
          "if-match",
          "\"1\"");

  private static void requireEachField(Asked asked, List<String> bodies) {
    for (String field : asked.fields()) {
      if (NAMING_FIELDS.contains(field)
          && bodies.stream().noneMatch(body -> body.matches(".*\"" + field + "\":\\[?\"<.*"))) {
        throw new AssertionError(
            "%s: no row (expected: a body that names another's by %s)"
                .formatted(asked.name(), field));
      }
    }
  }

  private static List<String> values(Asked asked, String query, Things things) {
    List<String> values = NAMING.get(query);
    if (values == null && !PLAIN.contains(query)) {
      throw new AssertionError(
          asked.name() + "?" + query + ": no row (expected: in Rows.NAMING or Rows.PLAIN)");
    }
    if (query.equals("cursor")) {
      // Of the very same list: what a cursor of another opens is none of them.
      return EVERYBODYS.contains(asked.template())
          ? List.of("<cursor>")
          : List.of("<" + things.cursorOf(asked.template()) + ">");
    }
    return values == null ? List.of() : values;
  }

  /// The same, of those only that name one of these kinds of thing, and no tenant.
  static List<Row> naming(List<String> kinds, Asked asked, Things things) {
    return of(asked, things).stream()
        .filter(row -> row.headers().isEmpty())
        .filter(row ->
            kinds.stream()
                .map(things::id)
                .anyMatch(id -> row.target().contains(id) || row.body().contains(id)))
        .toList();
  }

  private static Row row(
      Asked asked, String target, String body, List<String> headers, Things things) {
    boolean about =
        target.contains("<")
            || body.contains("<")
            || headers.stream().anyMatch(each -> each.contains("<"));
    return new Row(
        asked.method(),
        things.in(target),
        things.in(body),
        headers.stream().map(things::in).toList(),
        about);
  }

  private static String path(Asked asked) {
    // What stands below another thing is named by its own id.
    String template = asked.template().replace("{delivery}", "<delivery>");
    if (!template.contains("{")) {
      return template;
    }
    String kind = kind(template);
    if (kind == null) {
      throw new AssertionError(
          asked.name() + ": no row (expected: what its path names, in Rows.PATHS)");
    }
    if (kind.equals("-")) {
      return template.replaceAll("\\{[a-z]+}", "echo");
    }
    return template.replaceAll("\\{[a-z]+}", "<" + kind + ">");
  }

  private static @Nullable String kind(String template) {
    return PATHS.entrySet().stream()
        .filter(each -> template.startsWith(each.getKey()))
        .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
        .map(Map.Entry::getValue)
        .orElse(null);
  }
}
