using Npgsql;

namespace Outdial.Analytics.Data;

/// <summary>Reads the columns of the row at hand one after the other, in the order in which the statement names them.</summary>
/// <param name="first">The column to begin with, from 0.</param>
internal sealed class RowCursor(NpgsqlDataReader reader, int first = 0)
{
    private int _next = first;

    public long Count() => reader.GetInt64(_next++);

    public decimal? AmountOrNull() => OrNull(reader.GetDecimal);

    public TimeSpan Time() => reader.GetTimeSpan(_next++);

    public TimeSpan? TimeOrNull() => OrNull(reader.GetTimeSpan);

    public string Text() => reader.GetString(_next++);

    public string? TextOrNull() => reader.IsDBNull(_next++) ? null : reader.GetString(_next - 1);

    public int? NumberOrNull() => OrNull(column => Convert.ToInt32(reader.GetValue(column)));

    public bool? FlagOrNull() => OrNull(reader.GetBoolean);

    private T? OrNull<T>(Func<int, T> read) where T : struct => reader.IsDBNull(_next++) ? null : read(_next - 1);
}
