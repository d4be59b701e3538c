package dev.gatewright.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The files of the page at `/docs`: Swagger UI's own from its webjar, and the page that starts it.
/// Each is read when it is first asked for. Thread-safe.
final class SwaggerUi {
  private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/";
  private static final String RELEASE = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

  private final Once<StaticFile> page = Once.of(() -> file("/docs/docs.html", "text/html"));
  private final Map<String, Once<StaticFile>> parts =
      Map.of(
          "start.js", Once.of(() -> file("/docs/start.js", "text/javascript")),
          "start.css", Once.of(() -> file("/docs/start.css", "text/css")),
          "swagger-ui.css", Once.of(() -> file(webjar("swagger-ui.css"), "text/css")),
          "swagger-ui-bundle.js",
              Once.of(() -> file(webjar("swagger-ui-bundle.js"), "text/javascript")));

  StaticFile page() {
    return page.get();
  }

  /// Null when the page has no such part.
  @Nullable StaticFile part(String name) {
    Once<StaticFile> part = parts.get(name);
    return part == null ? null : part.get();
  }

  private static String webjar(String name) {
    Properties release = new Properties();
    try (InputStream in = open(RELEASE)) {
      release.load(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return WEBJAR + release.getProperty("version") + "/" + name;
  }

  private static StaticFile file(String resource, String type) {
    try (InputStream in = open(resource)) {
      return StaticFile.of(type + "; charset=utf-8", in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = SwaggerUi.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(resource + " is missing");
    }
    return in;
  }
}
