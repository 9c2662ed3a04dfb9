using System.ComponentModel.DataAnnotations;

namespace Outdial.Pacer.Leads.Import;

/// <summary>How uploads of leads are taken in, section <c>Imports</c>.</summary>
internal sealed class ImportOptions
{
    public const string Section = "Imports";

    /// <summary>The largest upload, in bytes, and what a compressed one may come to. Default 1 GiB, about ten million plain rows.</summary>
    [Range(1, long.MaxValue)] public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Rows after this many are not read; the import then ends as failed, with the rows before kept.</summary>
    [Range(1, long.MaxValue)] public long MaxRows { get; init; } = 5_000_000;

    /// <summary>Rows that go into the database in one transaction. Progress is seen in steps of this size.</summary>
    [Range(1, 100_000)] public int BatchSize { get; init; } = 5_000;

    /// <summary>Characters of one row.</summary>
    [Range(100, 1 << 20)] public int MaxRowLength { get; init; } = new ImportLimits().RowLength;

    /// <summary>Bytes of one lead's attributes as JSON.</summary>
    [Range(100, 1 << 20)] public int MaxAttributeBytes { get; init; } = new ImportLimits().AttributeBytes;

    /// <summary>The largest workbook, in bytes: it waits among the temporary files while it is read. Default 64 MiB, a million rows.</summary>
    [Range(1, int.MaxValue)] public long MaxWorkbookBytes { get; init; } = new ImportLimits().WorkbookBytes;

    /// <summary>Bytes of the texts that the sheets of one workbook share: they are held in memory while it is read. Default 64 MiB.</summary>
    [Range(1, int.MaxValue)] public long MaxWorkbookTextBytes { get; init; } = new ImportLimits().WorkbookTextBytes;

    internal ImportLimits Limits => new()
    {
        RowLength = MaxRowLength,
        AttributeBytes = MaxAttributeBytes,
        UnpackedBytes = MaxBytes,
        WorkbookBytes = MaxWorkbookBytes,
        WorkbookTextBytes = MaxWorkbookTextBytes,
    };
}
