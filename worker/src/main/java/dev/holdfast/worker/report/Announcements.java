package dev.holdfast.worker.report;

import dev.holdfast.schemas.worker.Presence;
import java.util.concurrent.CompletableFuture;

/** The way of presence to the coordinator. */
public interface Announcements {
  CompletableFuture<Void> send(Presence presence);
}
