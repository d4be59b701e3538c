package dev.gatewright.portal;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;

/// The REST contract, for machines and people. Open to everybody: it holds nothing of this
/// installation.
final class DocsApi {
  private static final Map<String, String> PAGES =
      Map.of(
          "/docs", "text/html",
          "/docs/docs.css", "text/css",
          "/docs/docs.js", "text/javascript");

  private final Supplier<String> document;

  /// @param document the OpenAPI document as JSON; asked once per request
  DocsApi(Supplier<String> document) {
    this.document = document;
  }

  void routes(RoutesConfig routes) {
    routes.get("/openapi.json", this::openapi);
    PAGES.forEach((path, type) -> routes.get(path, context -> page(context, path, type)));
  }

  /// GET /openapi.json
  private void openapi(Context context) {
    context.contentType("application/json").result(document.get());
  }

  /// GET /docs
  private static void page(Context context, String path, String type) {
    String file = path.equals("/docs") ? "docs.html" : path.substring("/docs/".length());
    context.header(
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "no-referrer");
    try (InputStream in = DocsApi.class.getResourceAsStream("/docs/" + file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing");
      }
      context.contentType(type + "; charset=utf-8").result(in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
