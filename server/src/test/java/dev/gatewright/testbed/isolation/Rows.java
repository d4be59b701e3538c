package dev.gatewright.testbed.isolation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How each operation is asked for the attacked tenant's things. An operation that is in none of
/// the tables fails the matrix: whoever adds one says here what it is about.
final class Rows {
  /// What the parameter of a path stands for, by the path's beginning; `-` = nobody's.
  private static final Map<String, String> PATHS = new TreeMap<>();

  /// A body, with `<kind>` for ids; a GET or DELETE needs none.
  private static final Map<String, String> BODIES = new LinkedHashMap<>();

  /// Further bodies, where one cannot name all that an operation takes.
  private static final Map<String, List<String>> MORE_BODIES =
      Map.of("POST /api/billing/refunds", List.of("{\"topup_id\":\"<topup>\",\"usd\":\"1\"}"));

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
    PATHS.put("/api/billing/requests/", "-");
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

    QUERIES.put("GET /api/audit", List.of("?object=<key>", "?cursor=<cursor>"));
    QUERIES.put("GET /api/billing/ledger", List.of("?cursor=<cursor>"));
    QUERIES.put("GET /api/budgets", List.of("?cursor=<cursor>", "?on=<key>"));
    QUERIES.put("GET /api/keys", List.of("?cursor=<cursor>"));
    BODIES.put("POST /api/usage/exports", "{\"key\":\"<key>\"}");
    BODIES.put("PUT /api/usage/retention", "{\"retention_days\":30}");
    QUERIES.put("GET /api/usage", List.of("?key=<key>", "?group=key,project"));
    QUERIES.put("GET /api/usage/series", List.of("?group=key"));
    QUERIES.put("GET /api/usage/attempts", List.of("?cursor=<cursor>"));
    QUERIES.put("GET /api/usage/events", List.of("?cursor=<cursor>", "?key=<key>"));
    QUERIES.put("GET /api/credentials", List.of("?cursor=<cursor>"));
    QUERIES.put("GET /api/limits", List.of("?on=<key>", "?on=<project>"));
    QUERIES.put("GET /api/policy/rules", List.of("?on=project&id=<project>"));
  }

  private Rows() {}

  /// What is sent.
  ///
  /// @param about whether an id of the attacked tenant stands in it
  record Row(String method, String target, String body, boolean about) {}

  /// Each way to ask an operation.
  ///
  /// @throws AssertionError when it is in no table
  static List<Row> of(Asked asked, Things things) {
    String body = BODIES.get(asked.name());
    if (body == null && asked.changes() && !asked.method().equals("DELETE")) {
      throw new AssertionError(asked.name() + ": no row (expected: its body in Rows.BODIES)");
    }
    String template = path(asked);
    List<Row> rows = new java.util.ArrayList<>();
    rows.add(row(asked, template, body == null ? "" : body, things));
    for (String more : MORE_BODIES.getOrDefault(asked.name(), List.of())) {
      rows.add(row(asked, template, more, things));
    }
    for (String query : QUERIES.getOrDefault(asked.name(), List.of())) {
      rows.add(row(asked, template + query, "", things));
    }
    return rows;
  }

  /// The same, of those only that name one of these kinds of thing.
  static List<Row> naming(List<String> kinds, Asked asked, Things things) {
    return of(asked, things).stream()
        .filter(row ->
            kinds.stream()
                .map(things::id)
                .anyMatch(id -> row.target().contains(id) || row.body().contains(id)))
        .toList();
  }

  private static Row row(Asked asked, String target, String body, Things things) {
    boolean about = target.contains("<") || body.contains("<");
    return new Row(asked.method(), things.in(target), things.in(body), about);
  }

  private static String path(Asked asked) {
    String template = asked.template();
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
