package dev.gatewright.platform;

import dev.gatewright.config.ConfigReload;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.edge.site.Consoles;
import dev.gatewright.platform.doctor.Doctor;
import dev.gatewright.rest.Resource;
import dev.gatewright.telemetry.Time;
import java.util.List;

/// The wiring of it.
public final class Platform {
  private Platform() {}

  /// Its routes, for the portal to mount.
  ///
  /// @param sources what the server was started with
  public static Resource resource(
      ConfigSources sources, ConfigReload reload, Consoles consoles, Doctor doctor, Time time) {
    return new Resource(
        "platform",
        List.of(
            new SettingsApi(reload).route(),
            new SitesApi(consoles).route(),
            new DoctorApi(sources, doctor, time).route()));
  }
}
