package dev.holdfast.gateway.http;

import dev.holdfast.gateway.blob.BlobLog;
import dev.holdfast.gateway.command.Accepted;
import dev.holdfast.gateway.fleet.Fleet;
import dev.holdfast.gateway.output.OutputQueries;
import dev.holdfast.gateway.output.OutputReader;
import dev.holdfast.gateway.progress.ProgressBoard;
import dev.holdfast.gateway.view.CellQueries;
import dev.holdfast.gateway.view.JobQueries;

/** Everything that the API reads from. */
public record Views(
    JobQueries jobs,
    CellQueries cell,
    Accepted accepted,
    OutputQueries output,
    OutputReader bytes,
    BlobLog blobs,
    Fleet fleet,
    ProgressBoard progress) {}
