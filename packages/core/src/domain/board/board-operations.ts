/** What one can do with the boards of an entity's pipelines. */
import type { Page } from "../../kernel/repository/repository.ts";
import type { PipelinedContext, PipelinedRecord, RecordWhere } from "../pipeline/pipelined-context.ts";
import {
  type BoardColumn,
  type BoardColumnQuery,
  type BoardQuery,
  boardColumn,
  type ColumnQuery,
  pipelineBoard,
} from "./board.ts";
import { type Place, placeRecord } from "./place-record.ts";

/** `R` is the record, `Values` what a move may bring along, `W` a condition on records. */
export interface BoardOperations<R, Values, W> {
  /** The stages of a pipeline, in order, with the totals of what is in each and the first page of it. */
  board(query?: BoardQuery<R, W>): Promise<readonly BoardColumn<R>[]>;
  /** A page of one column: `after` is the `next` of the page before, which may be the board's own. */
  boardColumn(query: BoardColumnQuery<R, W>): Promise<Page<R>>;
  /**
   * Puts a record to a place in the order made by hand, and moves it to another stage first, by the pipeline's rules, where one is named.
   *
   * @throws what `moveTo` throws; `invalid_input` for a neighbour that is not in that stage.
   */
  place(id: string, place: Place<Values>): Promise<R>;
}

type Known = ColumnQuery<PipelinedRecord, RecordWhere>;

export function boardOperations(context: () => PipelinedContext): BoardOperations<unknown, object, object> {
  return {
    board: (query) => pipelineBoard(context(), query as Known),
    boardColumn: (query) => boardColumn(context(), query as BoardColumnQuery<PipelinedRecord, RecordWhere>),
    place: (id, place) => placeRecord(context(), id, place as Place),
  };
}
