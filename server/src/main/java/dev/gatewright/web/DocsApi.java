package dev.gatewright.web;

import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The REST contract, for machines and people. Open to everybody: it holds nothing of this
/// installation.
final class DocsApi {
  private static final Map<String, String> FILES =
      Map.of("docs.css", "text/css", "docs.js", "text/javascript");

  private final Supplier<String> document;

  /// @param document the OpenAPI document as JSON; asked once per request
  DocsApi(Supplier<String> document) {
    this.document = document;
  }

  Resource resource() {
    return new Resource(
        "web",
        List.of(
            ApiRoute.get("/openapi.json", Access.everybody(), this::openapi),
            ApiRoute.get("/docs", Access.everybody(), _ -> file("docs.html", "text/html")),
            ApiRoute.get("/docs/{file}", Access.everybody(), DocsApi::part)));
  }

  /// GET /openapi.json
  private Answer openapi(ApiCall call) {
    return Answer.ok(document.get().getBytes(StandardCharsets.UTF_8))
        .with("content-type", "application/json");
  }

  /// GET /docs/{file}
  private static Answer part(ApiCall call) {
    String name = call.path("file");
    String type = FILES.get(name);
    if (type == null) {
      throw Problem.notFound("The page has no such part.");
    }
    return file(name, type);
  }

  private static Answer file(String name, String type) {
    try (InputStream in = DocsApi.class.getResourceAsStream("/docs/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return Answer.ok(in.readAllBytes())
          .with("content-type", type + "; charset=utf-8")
          .with(
              "content-security-policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                  + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
          .with("x-content-type-options", "nosniff")
          .with("referrer-policy", "no-referrer");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
