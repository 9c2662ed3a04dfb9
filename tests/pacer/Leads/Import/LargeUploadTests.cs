using System.Globalization;
using System.Text;
using Outdial.Pacer.Leads.Import;

namespace Outdial.Pacer.Tests.Leads.Import;

/// <summary>Runs when no other test does: what it measures is the memory of the whole process.</summary>
[CollectionDefinition(nameof(LargeUploadTests), DisableParallelization = true)]
[Collection(nameof(LargeUploadTests))]
public class LargeUploadTests
{
    private const int Rows = 1_000_000;

    [Fact]
    public async Task A_million_rows_are_read_without_being_held()
    {
        var reader = await LeadReader.Open(new EndlessList(Rows), UploadFormats.Csv, Uploads.India, new(), CancellationToken.None);
        long good = 0, before = 0, most = 0;

        await foreach (var row in reader.Read())
        {
            good += row is GoodLead ? 1 : 0;
            if (row.Row == 1_000)
                before = GC.GetTotalMemory(forceFullCollection: true);
            else if (row.Row % 200_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }

        Assert.Equal(Rows, good);
        Assert.True(most - before < 16 << 20, $"{(most - before) >> 20} MB more are held than after 1,000 rows; the upload has about 50 MB.");
    }

    [Fact]
    public async Task The_rows_of_a_large_sheet_are_read_without_being_held()
    {
        var list = Enumerable.Range(0, 100_000).Select(row => new object?[] { 9_800_000_000d + row, row % 977 + 0.5 });
        var workbook = Workbooks.Of([.. list.Prepend(["phone", "due"])]);
        await using var reader = await LeadReader.Open(new MemoryStream(workbook), UploadFormats.Csv, Uploads.India, new(), CancellationToken.None);
        long good = 0, before = 0, most = 0;

        await foreach (var row in reader.Read())
        {
            good += row is GoodLead ? 1 : 0;
            if (row.Row == 1_000)
                before = GC.GetTotalMemory(forceFullCollection: true);
            else if (row.Row % 25_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }

        Assert.Equal(100_000, good);
        Assert.True(most - before < 4 << 20, $"{(most - before) >> 20} MB more are held than after 1,000 rows; the sheet has about 8 MB.");
    }

    /// <summary>A list that is written while it is read.</summary>
    private sealed class EndlessList(int rows) : Stream
    {
        private byte[] _line = Encoding.UTF8.GetBytes("phone,name,amount_due\n");
        private int _at;
        private int _row;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            var written = 0;
            while (written < buffer.Length)
            {
                if (_at == _line.Length)
                {
                    if (_row == rows)
                        break;
                    _line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"9{800_000_000 + _row:000000000},\"Name, the {_row}th\",{_row % 977}.50\n"));
                    (_at, _row) = (0, _row + 1);
                }
                var count = Math.Min(_line.Length - _at, buffer.Length - written);
                _line.AsSpan(_at, count).CopyTo(buffer.Span[written..]);
                (_at, written) = (_at + count, written + count);
            }
            return written;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
