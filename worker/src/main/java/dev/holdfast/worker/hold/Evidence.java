package dev.holdfast.worker.hold;

import dev.holdfast.worker.run.Supervisor;
import dev.holdfast.worker.run.View;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Sentences for the recovery log. */
final class Evidence {
  private Evidence() {}

  static String ofAdoption(Site site, Dossier dossier, Supervisor supervisor) {
    return "%s; the worker was away for %s; %d bytes of output were already published"
        .formatted(process(dossier, supervisor), away(site), published(dossier));
  }

  private static String process(Dossier dossier, Supervisor supervisor) {
    try {
      return supervisor.look(dossier.directory()) instanceof View.Alive(long pid)
          ? "the same process, pid " + pid + ", is alive"
          : "its process has just ended";
    } catch (IOException e) {
      return "its process is supervised";
    }
  }

  private static String away(Site site) {
    return site.lastSeen()
        .map(seen -> Duration.between(seen, Instant.now()))
        .filter(time -> !time.isNegative())
        .map(time -> "%d.%01d s".formatted(time.toSeconds(), time.toMillisPart() / 100))
        .orElse("an unknown time");
  }

  private static long published(Dossier dossier) {
    return dossier.directory().published().total();
  }
}
