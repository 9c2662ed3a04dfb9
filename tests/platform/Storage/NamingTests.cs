using Microsoft.EntityFrameworkCore;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Storage;

public sealed class NamingTests
{
    private sealed record Longest(int TextLength, string TextValue);

    [Fact]
    public async Task Every_table_and_column_of_the_model_exists_under_its_name_in_the_migrated_database()
    {
        await using var service = await TestService.Start(_ => { });

        Assert.Empty(await service.Query(db => Schema.DifferencesAsync(db)));
    }

    [Fact]
    public async Task What_a_query_of_ones_own_gives_to_a_record_is_named_as_a_table_names_it()
    {
        await using var service = await TestService.Start(_ => { });
        await service.Query(db => db.Database.ExecuteSqlAsync($"insert into notes (text_value) values ('short'), ('rather long')"));

        var longest = await service.Query(db => db.Database.SqlQuery<Longest>(
            $"select length(text_value) as text_length, text_value from notes order by 1 desc limit 1").SingleAsync());

        Assert.Equal(new Longest(11, "rather long"), longest);
    }
}
