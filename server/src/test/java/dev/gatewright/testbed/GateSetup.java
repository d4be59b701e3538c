package dev.gatewright.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a gate under test is started with. Mutable while it is put together; not thread-safe.
///
/// The usual models: `fast` (OpenAI's dialect), `claude` (Anthropic's), `endless` (a stream without
/// end), `down` (a provider nobody listens for).
public final class GateSetup {
  private int port;
  private final Path folder;
  private final List<String> providers = new ArrayList<>();
  private final List<String> models = new ArrayList<>();
  private String settings = "";
  private @Nullable Path classes;
  private String leftOut = "";
  private final List<String> wrapper = new ArrayList<>();
  private final List<String> jvm = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  private GateSetup(Path folder) {
    this.folder = folder;
  }

  /// @param folder an empty one, for the data, the configuration and the logs
  static GateSetup in(Path folder) {
    return new GateSetup(folder);
  }

  /// The usual providers and models, all answered by `fake`.
  public static GateSetup usual(Path folder, FakeProvider fake) throws IOException {
    return in(folder)
        .provider("local", "openai", fake.baseUrl(), "")
        .provider("claudes", "anthropic", fake.baseUrl(), "")
        .provider("nobody", "openai", "http://127.0.0.1:" + FakeProvider.refusedPort() + "/v1", "")
        .model("fast", "local/gpt-4o-mini")
        .model("endless", "local/endless")
        .model("claude", "claudes/claude-sonnet-4-5")
        .model("down", "nobody/gpt-4o-mini");
  }

  /// @param more further lines of the provider, such as `timeouts: { idle: 1s }`
  GateSetup provider(String id, String dialect, String baseUrl, String more) {
    providers.add(
        """
          - id: %s
            dialect: %s
            base-url: %s
            api-key: upstream-secret
            allow-private: true
            %s
        """
            .formatted(id, dialect, baseUrl, more));
    return this;
  }

  GateSetup model(String id, String... targets) {
    models.add("  - { id: %s, targets: [%s] }%n".formatted(id, String.join(", ", targets)));
    return this;
  }

  /// Further top-level YAML.
  public GateSetup settings(String yaml) {
    settings += yaml + "\n";
    return this;
  }

  /// For a child process only.
  public GateSetup jvm(String... flags) {
    jvm.addAll(List.of(flags));
    return this;
  }

  /// Classes that take the place of the product's own. For a child process only.
  public GateSetup classes(Path instead) {
    classes = instead;
    return this;
  }

  @Nullable Path classes() {
    return classes;
  }

  /// Without the libraries whose files' names hold this. For a child process only.
  GateSetup without(String library) {
    leftOut = library;
    return this;
  }

  boolean leavesOut(String part) {
    return !leftOut.isEmpty() && part.contains(leftOut);
  }

  /// A command that becomes the one appended to it, such as `unshare …`. For a child process only.
  GateSetup wrapper(String... command) {
    wrapper.addAll(List.of(command));
    return this;
  }

  GateSetup environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /// A port it has at each of its starts; 0, as it is without this, is any.
  GateSetup port(int always) {
    this.port = always;
    return this;
  }

  int port() {
    return port;
  }

  Path folder() {
    return folder;
  }

  Path data() {
    return folder.resolve("data");
  }

  List<String> wrapper() {
    return List.copyOf(wrapper);
  }

  List<String> jvm() {
    return List.copyOf(jvm);
  }

  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  Path writeConfig() throws IOException {
    Files.createDirectories(folder);
    return Files.writeString(folder.resolve("gatewright.yaml"), config());
  }

  String config() {
    return "metrics: { host: 127.0.0.1, port: 0 }\n"
        + settings
        + (providers.isEmpty() ? "" : "providers:\n" + String.join("", providers))
        + (models.isEmpty() ? "" : "models:\n" + String.join("", models));
  }
}
