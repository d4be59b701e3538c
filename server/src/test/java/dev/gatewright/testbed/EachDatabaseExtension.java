package dev.gatewright.testbed;

import dev.gatewright.store.Database;
import dev.gatewright.store.StoreConfig;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/// Gives each test its two stores.
final class EachDatabaseExtension implements TestTemplateInvocationContextProvider {
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    return Stream.of(Database.Kind.values()).map(On::new);
  }

  private record On(Database.Kind kind) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new Stores(kind));
    }
  }

  private static final class Stores
      implements ParameterResolver, BeforeEachCallback, AfterEachCallback {
    private final Database.Kind kind;
    private @org.jspecify.annotations.Nullable TestStore store;

    Stores(Database.Kind kind) {
      this.kind = kind;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      store = TestStore.fresh(kind);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      Class<?> type = parameter.getParameter().getType();
      return type == Database.class || type == StoreConfig.class || type == TestStore.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      TestStore current = java.util.Objects.requireNonNull(store);
      Class<?> type = parameter.getParameter().getType();
      if (type == Database.class) {
        return current.database();
      }
      return type == StoreConfig.class ? current.config() : current;
    }

    @Override
    public void afterEach(ExtensionContext context) {
      if (store != null) {
        store.close();
      }
    }
  }
}
