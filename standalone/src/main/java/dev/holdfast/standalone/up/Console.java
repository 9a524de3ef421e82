package dev.holdfast.standalone.up;

import dev.holdfast.standalone.supervise.ChildEvent;
import java.io.PrintWriter;
import java.time.Duration;

/** What {@code up} tells the person in front of it. */
final class Console {
  private final PrintWriter out;

  Console(PrintWriter out) {
    this.out = out;
  }

  synchronized void line(String text) {
    out.println(text);
    out.flush();
  }

  void tell(ChildEvent event) {
    switch (event) {
      case ChildEvent.Started started -> line(started.name() + ": started, pid " + started.pid());
      case ChildEvent.Adopted adopted ->
          line(adopted.name() + ": still lives, adopted, pid " + adopted.pid());
      case ChildEvent.Outdated outdated ->
          line(
              outdated.name()
                  + ": still lives with other settings, pid "
                  + outdated.pid()
                  + "; ends, to be started with these; its jobs live on");
      case ChildEvent.Ready ready ->
          line(ready.name() + ": ready after " + ready.after().toMillis() + " ms");
      case ChildEvent.Died died ->
          line(
              died.name()
                  + ": died"
                  + (died.exitCode().isPresent() ? " with " + died.exitCode().getAsInt() : "")
                  + ", started again in "
                  + died.restartIn().toMillis()
                  + " ms"
                  + died.lastWords().map(words -> ": " + words).orElse("")
                  + "; see "
                  + died.log());
      case ChildEvent.NotStarted not ->
          line(not.name() + ": could not be started: " + not.reason());
      case ChildEvent.Stopped stopped ->
          line(stopped.name() + ": stopped" + (stopped.killed() ? ", had to be killed" : ""));
      case ChildEvent.SharesTerminal shares ->
          line(shares.name() + ": there is no setsid program, so Ctrl-C reaches it too");
    }
  }

  void ready(Plan plan, Duration after) {
    line(
        """

        Holdfast is up after %d ms.
          API      %s
          Kafka    %s
          data     %s  (logs in %s)
          submit   ./holdfast submit --url %s --wait -- sh -c 'echo hello'
          stop     Ctrl-C
        """
            .formatted(
                after.toMillis(),
                plan.url(),
                plan.broker().bootstrapServers(),
                plan.data(),
                plan.data().resolve("logs"),
                plan.url()));
  }
}
