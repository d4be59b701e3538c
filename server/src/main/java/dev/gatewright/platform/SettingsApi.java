package dev.gatewright.platform;

import dev.gatewright.config.ConfigEntry;
import dev.gatewright.config.ConfigReload;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Paging;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// REST of the settings as they are in force, secrets masked.
final class SettingsApi {
  private static final int PAGE_ROWS = 200;
  private static final int PAGE_ROWS_MAX = 1_000;

  private final ConfigReload reload;

  SettingsApi(ConfigReload reload) {
    this.reload = reload;
  }

  ApiRoute route() {
    return ApiRoute.get("/api/platform/config", Access.platform(), this::list)
        .query("limit", "cursor");
  }

  /// The schema `PlatformConfig`.
  record View(
      @Nullable String file,
      @Nullable String problem,
      List<String> restart,
      List<EntryView> data,
      @Nullable String nextCursor) {}

  /// The schema `PlatformSetting`.
  record EntryView(
      String key,
      @Nullable String value,
      boolean secret,
      String source,
      @Nullable String from,
      @Nullable Integer line) {
    static EntryView of(ConfigEntry entry) {
      return new EntryView(
          entry.key(),
          entry.value(),
          entry.secret(),
          entry.source().word(),
          entry.from(),
          entry.line() == 0 ? null : entry.line());
    }
  }

  /// GET /api/platform/config?limit=&cursor=
  private Answer list(ApiCall call) {
    Paging paging = call.paging("platform", PAGE_ROWS, PAGE_ROWS_MAX);
    List<ConfigEntry> all = reload.inForce();
    Part<ConfigEntry> part = Part.of(all, ConfigEntry::key, paging);
    Path file = reload.file();
    return Answer.ok(
        new View(
            file == null ? null : file.toString(),
            reload.problem(),
            reload.waiting(),
            part.rows().stream().map(EntryView::of).toList(),
            paging.next(part.place())));
  }
}
