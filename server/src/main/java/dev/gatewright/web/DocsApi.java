package dev.gatewright.web;

import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The REST contract, for machines and people. Open to everybody: it holds nothing of this
/// installation. The page is Swagger UI, from the jar; nothing is fetched from elsewhere.
final class DocsApi {
  /// No script or style but our own files, nothing from another origin, no frame around it. Swagger
  /// UI draws its arrows as `data:` images.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final SwaggerUi ui = new SwaggerUi();
  private final Supplier<StaticFile> document;

  /// @param document the OpenAPI document as JSON; asked once, when somebody first wants it
  DocsApi(Supplier<String> document) {
    this.document =
        Once.of(() ->
            StaticFile.of("application/json", document.get().getBytes(StandardCharsets.UTF_8)));
  }

  Resource resource() {
    return new Resource(
        "web",
        List.of(
            ApiRoute.get("/openapi.json", Access.everybody(), this::openapi),
            ApiRoute.get("/docs", Access.everybody(), call -> page(call, ui.page())),
            ApiRoute.get("/docs/{file}", Access.everybody(), this::part)));
  }

  /// GET /openapi.json
  private Answer openapi(ApiCall call) {
    return document.get().answer(call);
  }

  /// GET /docs/{file}
  private Answer part(ApiCall call) {
    StaticFile file = ui.part(call.path("file"));
    if (file == null) {
      throw Problem.notFound("The page has no such part.");
    }
    return page(call, file);
  }

  private static Answer page(ApiCall call, StaticFile file) {
    return file.answer(call)
        .with(
            Map.of(
                "content-security-policy", POLICY,
                "x-content-type-options", "nosniff",
                "referrer-policy", "no-referrer"));
  }
}
